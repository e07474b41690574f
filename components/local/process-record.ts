/**
 * `run/DAEMON.json`: what is known of a daemon's process, written by the provider, read by it and by commands such as
 * `status`. It outlives the process: how a daemon ended decides whether its chain can be resumed.
 */
export interface ProcessRecord {
  readonly daemon: string;
  readonly era: number;
  /**
   * - `starting`: about to be started; the process may or may not exist
   * - `running`: started, and not stopped by us
   * - `stopped`: ended in order after SIGTERM
   * - `killed`: had to be killed after its grace time
   */
  readonly state: "starting" | "running" | "stopped" | "killed";
  /** Absent while `starting`. */
  readonly identity?: ProcessIdentity;
  /** Absolute path of the executable. */
  readonly program: string;
  /** Arguments as started, references resolved. */
  readonly args: readonly string[];
  /** Absolute path. */
  readonly log: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** A process beyond doubt: pids are reused, a pid with its start time on one boot is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** As the operating system tells it, compared for equality only. */
  readonly startTime: string;
  /** Identifies the boot the start time belongs to. */
  readonly boot: string;
}
