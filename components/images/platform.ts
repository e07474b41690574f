/** What images are for. Machines of arm64 cannot run them: a digest names one architecture, or a list that no push keeps whole. */
export const PLATFORM = "linux/amd64";
