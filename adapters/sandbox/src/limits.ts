import { totalmem } from "node:os"
import type { ResourceBounds } from "@skein/core/ports"
import type { ResourceLimit } from "./jail/request.ts"

/** Asked once: a machine's memory does not change. */
let machineBytes: number | undefined

/** What a command may use when nobody says otherwise. Time of the processor is bounded by the call's own timeout. */
export function boundsOf(given: ResourceBounds = {}): ResourceBounds {
  machineBytes ??= totalmem()
  return {
    processesMax: given.processesMax ?? 4_096,
    memoryBytesMax: given.memoryBytesMax ?? Math.floor(machineBytes * 0.75),
    fileBytesMax: given.fileBytesMax ?? 16 * 1024 ** 3,
    cpuSecondsMax: given.cpuSecondsMax,
  }
}

/** `RLIMIT_` numbers of Linux. */
const CPU = 0
const FSIZE = 1
const DATA = 2
const CORE = 4
const NPROC = 6
const NOFILE = 7

const OPEN_FILES_MAX = 65_536
/** The kernel counts all processes of a user together where a command has no user namespace of its own. */
const OTHERS_OF_THE_USER = 4_096

/**
 * The bounds as limits of each process. Memory is what a process may write to and has to itself: address space that is
 * only reserved costs nothing, and language runtimes reserve a lot of it.
 */
export function limitsOf(bounds: ResourceBounds, isNamespaced: boolean): readonly ResourceLimit[] {
  const limit = (resource: number, most: number | undefined): readonly ResourceLimit[] =>
    most === undefined ? [] : [{ resource, soft: most, hard: most }]
  const processes = bounds.processesMax
  return [
    { resource: CORE, soft: 0, hard: 0 },
    ...limit(NOFILE, OPEN_FILES_MAX),
    ...limit(FSIZE, bounds.fileBytesMax),
    ...limit(DATA, bounds.memoryBytesMax),
    ...limit(NPROC, processes === undefined || isNamespaced ? processes : processes + OTHERS_OF_THE_USER),
    // A second more before the end that nobody can catch.
    ...(bounds.cpuSecondsMax === undefined
      ? []
      : [{ resource: CPU, soft: bounds.cpuSecondsMax, hard: bounds.cpuSecondsMax + 1 }]),
  ]
}
