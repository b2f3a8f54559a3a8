import { lazy } from "@skein/protocol"

/** What the kernel does for us through its own calls: each is loaded when it is first needed. */
export const supplant = lazy(async () => await (await import("./supplant.ts")).loadSupplant())
export const quietly = lazy(async () => await (await import("./supplant.ts")).loadQuietly())
export const noCores = lazy(async () => await (await import("./no-cores.ts")).leaveNoCores())
export const flock = lazy(async () => await (await import("./flock.ts")).loadFlock())
