const SIZE_MATTERS = ['fstype!~"tmpfs|overlay|squashfs|ramfs"', 'mountpoint!~"/boot.*|/run.*"'];

/**
 * PromQL: what is left of each disk of nodes, 0 to 1, for every place it is mounted at. What cannot be written to is left
 * out: the system image of GKE's nodes is always full.
 */
export function diskLeft(more: readonly string[] = []): string {
  const selector = `{${[...SIZE_MATTERS, ...more].join(",")}}`;
  const left = `node_filesystem_avail_bytes${selector} / node_filesystem_size_bytes${selector}`;
  return `${left} and node_filesystem_readonly${selector} == 0`;
}
