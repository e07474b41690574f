/**
 * Values of secrets: in memory and nowhere else, so that no store, report or log can hold one. They go with the process,
 * as the simulated clouds do.
 */
export class SecretValues {
  /** By the uid of the secret: all versions, the newest last. */
  private readonly versions = new Map<string, string[]>();

  add(uid: string, value: string): void {
    this.versions.set(uid, [...(this.versions.get(uid) ?? []), value]);
  }

  latest(uid: string): string | undefined {
    return this.versions.get(uid)?.at(-1);
  }

  count(uid: string): number {
    return this.versions.get(uid)?.length ?? 0;
  }

  forget(uid: string): void {
    this.versions.delete(uid);
  }
}
