/** Highest port of peers: those above are given out by Kubernetes as NodePorts. */
export const LAST_PEER_PORT = 29_999;

/** A network opens so many ports at once: growing by a daemon touches the firewalls of all clusters only now and then. */
export const PEER_PORTS_STEP = 32;

/** A range of ports, both ends in it. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** The range that a network opens, by the last port in use. Whole steps, as long as there are ports. */
export function peerPortRange(from: number, last: number): PortRange {
  const steps = Math.ceil((last - from + 1) / PEER_PORTS_STEP);
  return { from, to: Math.max(last, Math.min(from + steps * PEER_PORTS_STEP - 1, LAST_PEER_PORT)) };
}
