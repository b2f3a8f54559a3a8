import type { Op, Receipt } from "@skein/protocol"
import type { Desk } from "./desk.ts"
import { reviewOf } from "./review.ts"
import type { SessionLink } from "./session-link.ts"
import { askedYes } from "./yes.ts"

/** What is to be taken back, and its place in the review that asked for it. */
interface Wanted {
  readonly op: Op<"files.revert">
  readonly at: number
}

/** Takes one hunk back, and shows what is left. Lines of somebody else go only on a yes; what is refused is said in the review. */
export async function hunkTakenBack({ op, at }: Wanted, link: SessionLink, app: Desk): Promise<void> {
  const { connected } = app
  if (connected === undefined) return
  const replace = app.front.replacing()
  const receipt = await reverted(op, link, app)
  const isTaken = receipt?.status === "accepted"
  const note = receipt === undefined ? "Nothing was taken back." : isTaken ? undefined : receipt.message
  replace(await reviewOf(connected.engine, link.sessionId, { folder: link.facts.cwd, at, note }))
  if (isTaken) app.tell(`took back a hunk of ${nameIn(link.facts.cwd, op.path)}; /redo brings it back`)
}

/** Undefined when the person did not want it after all. */
async function reverted(op: Op<"files.revert">, link: SessionLink, app: Desk): Promise<Receipt | undefined> {
  const receipt = await link.submit(op)
  if (receipt.status === "accepted" || receipt.code !== "checkpoint.foreign") return receipt
  const isYes = await askedYes(app, {
    title: nameIn(link.facts.cwd, op.path),
    lines: ["Somebody else changed this file too: the hunk may hold lines that are not skein's."],
    question: "Take it back?",
  })
  return isYes === true ? link.submit({ ...op, onConflict: "overwrite" as const }) : undefined
}

function nameIn(cwd: string, path: string): string {
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path
}
