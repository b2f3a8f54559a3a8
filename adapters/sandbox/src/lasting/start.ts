import { accessSync, constants, statSync } from "node:fs"
import { isAbsolute, join } from "node:path"
import { type Confinement, type ProcessRequest, type RunningProcess, ToolFailure } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { candidatesOf, programOf } from "../launch.ts"
import { reach } from "../paths.ts"
import { shell } from "../prepare.ts"
import { type ConfinedGround, startConfined } from "./confined.ts"
import { startUnconfined } from "./unconfined.ts"

export interface Ground {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly mark: string
  /** How it is to be held here. */
  readonly given: Confinement
  /** Asked for when it is to be confined. */
  confined(): Promise<ConfinedGround>
}

/** Starts a lasting process as `ProcessesPort` promises. */
export async function startProcess(ground: Ground, request: ProcessRequest): Promise<RunningProcess> {
  const { given } = ground
  if (given.kind === "unavailable") throw new SkeinError("sandbox.unavailable", `${given.reason} ${given.cure}`)
  if (reach(() => statSync(request.cwd).isDirectory()) !== true) {
    throw new ToolFailure(`Cannot start a process in ${request.cwd}: there is no such folder`)
  }
  mustBeThere(request, ground.env.PATH)
  if (given.kind === "confined") return startConfined(await ground.confined(), request)
  return startUnconfined({ env: ground.env, shell: shell(), mark: ground.mark }, request)
}

/** A program is looked for here, because nobody waits to hear how its start went. */
function mustBeThere({ command, cwd }: ProcessRequest, path = ""): void {
  const [program = ""] = programOf(command, shell())
  const places = candidatesOf(program, path).map((place) => (isAbsolute(place) ? place : join(cwd, place)))
  if (places.some((place) => reach(() => accessSync(place, constants.X_OK) ?? true) === true)) return
  throw new ToolFailure(`Cannot start ${program}: there is no such program that may be run.`)
}
