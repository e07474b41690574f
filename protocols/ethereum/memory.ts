/**
 * Go collects its garbage when the heap has grown by half instead of doubled. Small chains leave the processor idle and
 * the memory full.
 */
export const MEMORY_OVER_SPEED: Readonly<Record<string, string>> = { GOGC: "50" };
