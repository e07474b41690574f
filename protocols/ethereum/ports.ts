import type { Exposure, Port, Transport } from "../plan";

export function port(name: string, number: number, exposure: Exposure, ...transports: Transport[]): Port {
  return { name, number, exposure, transports };
}
