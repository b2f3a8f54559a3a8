import type { CallId, EventOf } from "@skein/protocol"
import { plainId } from "../words.ts"
import { outputOf, shellItem } from "./items.ts"
import { fresh, type Said } from "./output.ts"
import type { Notification, Telling } from "./telling.ts"

interface OpenShell extends Said {
  readonly started: EventOf<"shell.started">
  /** Of the turn that it was told in. */
  readonly turnId: string
}

/** A person's own commands. One that begins while no turn runs is a turn by itself, called as the command is. */
export class ShellFeed {
  readonly #telling: Telling
  readonly #open = new Map<CallId, OpenShell>()

  constructor(telling: Telling) {
    this.#telling = telling
  }

  /** Whether the turn that runs is this command. */
  isTurn(callId: CallId): boolean {
    return this.#telling.turnId === plainId(callId)
  }

  started(event: EventOf<"shell.started">): readonly Notification[] {
    this.#open.set(event.callId, { started: event, turnId: this.#telling.turnId, bytes: 0 })
    return [this.#telling.started(shellItem({ ...event, cwd: event.cwd }), event.at)]
  }

  progress({ callId, bytes, preview }: EventOf<"call.progress">): readonly Notification[] {
    const shell = this.#open.get(callId)
    const delta = shell === undefined ? "" : fresh(shell, bytes, preview)
    if (delta === "") return []
    return [this.#telling.inTurn("item/commandExecution/outputDelta", { itemId: plainId(callId), delta })]
  }

  ended(event: EventOf<"shell.ended">): readonly Notification[] {
    const shell = this.#open.get(event.callId)
    if (shell === undefined) return []
    this.#open.delete(event.callId)
    const { cwd } = shell.started
    const delta = shell.bytes === 0 ? outputOf(event) : ""
    const itemId = plainId(event.callId)
    const output = delta === "" ? [] : [this.#telling.inTurn("item/commandExecution/outputDelta", { itemId, delta })]
    return [...output, this.#telling.completed(shellItem({ ...event, cwd }, event), event.at)]
  }
}
