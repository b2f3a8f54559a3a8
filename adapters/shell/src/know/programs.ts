import { BUILDING } from "./building.ts"
import { MACHINE } from "./machine.ts"
import { NETWORKED } from "./networked.ts"
import { PACKAGES } from "./packages.ts"
import type { Program } from "./program.ts"

/** Every program that does more than read, but git, by its name. */
export const PROGRAMS: Readonly<Record<string, Program>> = { ...MACHINE, ...NETWORKED, ...BUILDING, ...PACKAGES }
