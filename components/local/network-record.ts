/** `network.json`: what a local network keeps beyond its configuration, written by the provider. */
export interface NetworkRecord {
  /** Ports this network may use, first and last included. No other network of this home uses them. */
  readonly ports: PortRange;
  /** Number of the chain now running. */
  readonly era: number;
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}
