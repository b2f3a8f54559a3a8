import type { PlanContext, ShellReading, SimpleCommand } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import type { Sandbox } from "@skein/protocol"
import type { Planned, ToolWorld } from "../define.ts"
import { linksFollowed } from "../links-followed.ts"

export interface CommandPlan {
  readonly isConfined: boolean
  /** What holds it: a line that is known only to look is held to that, whatever was not known of it. */
  readonly sandbox: Sandbox
  readonly reading: ShellReading
}

/** What a shell line would do, before anybody decides about it. Changes nothing. Throws ToolFailure where none can run. */
export async function planCommand(
  command: string,
  world: ToolWorld,
  context: PlanContext,
): Promise<Planned<CommandPlan>> {
  if (command.includes("\0")) throw new ToolFailure("A command cannot hold a NUL character.")
  const { cwd, roots, checks } = context
  const [given, understood] = await Promise.all([
    world.exec.confinement(context.sandbox),
    world.shell.understand(command, { cwd, roots, home: world.home, checks }),
  ])
  if (given.kind === "unavailable") throw new ToolFailure(`Commands cannot run here. ${given.reason} ${given.cure}`)
  const reading = await linksFollowed(understood, roots, world.files)
  // A layer holds a command whatever the person lets others do.
  const isInLayer = context.layer !== undefined
  const isConfined = given.kind === "confined" || isInLayer
  const sandbox = isConfined && !isInLayer && isOnlyLooking(reading) ? "read-only" : context.sandbox
  const isReadOnly = isConfined && sandbox === "read-only"
  return {
    effects: [{ kind: "execute", command, isConfined, isReadOnly, reading, roots }],
    actions: [{ verb: "run", target: command }],
    // An approval for a confined command is not one for an unconfined command.
    fingerprint: given.kind,
    prepared: { isConfined, sandbox, reading },
  }
}

function isOnlyLooking({ commands, unclear }: ShellReading): boolean {
  return unclear === undefined && commands.length > 0 && commands.every(looks)
}

function looks({ risks, powerful }: SimpleCommand): boolean {
  return powerful.length === 0 && risks.every((risk) => risk === "read")
}
