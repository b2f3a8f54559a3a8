import type { SessionView } from "@skein/protocol"

/** Marks a session that goes with its client. */
export const EPHEMERAL = "ephemeral"

/** Tells those of this process from what another left behind. */
const OF_THIS_PROCESS = `${EPHEMERAL}:${crypto.randomUUID()}`

/** The labels of a session that goes with its client. */
export const EPHEMERAL_LABELS: readonly string[] = [EPHEMERAL, OF_THIS_PROCESS]

type Labelled = Pick<SessionView, "labels">

export function isEphemeral({ labels = [] }: Labelled): boolean {
  return labels.includes(EPHEMERAL)
}

/** Whether its client is none of this process: it goes when nobody else has it open. */
export function isLeftOver({ labels = [] }: Labelled): boolean {
  return labels.includes(EPHEMERAL) && !labels.includes(OF_THIS_PROCESS)
}
