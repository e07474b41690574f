/** Highest port of peers: those above are given out by Kubernetes as NodePorts. */
export const LAST_PEER_PORT = 29_999;

/** A network opens so many ports at once: growing by a daemon touches the firewalls of all clusters only now and then. */
export const PEER_PORTS_STEP = 32;

/**
 * Place in a network's range that its public service has. It lies in the first step, which is open anyway, and a whole number
 * of nodes of every protocol come before it, so that the ports of a node stay in a row.
 */
const PUBLIC_PLACE = 30;

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

/** The port of a network's public service: the same however the network grows. */
export function publicPort(from: number): number {
  return from + PUBLIC_PLACE;
}

/** The port at a place, from 0, of those of daemons: they leave out that of the public service where there is one. */
export function daemonPort(from: number, place: number, hasPublic: boolean): number {
  return from + place + (hasPublic && place >= PUBLIC_PLACE ? 1 : 0);
}

/** The last port in use, by the last of the daemons. */
export function lastPort(from: number, ofDaemons: number, hasPublic: boolean): number {
  return hasPublic ? Math.max(ofDaemons, publicPort(from)) : ofDaemons;
}
