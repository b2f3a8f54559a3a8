import { EXPERIMENTAL_METHODS } from "../app-server/experimental.ts"

/** One method or notification of Codex's app-server, and whether it holds here. */
export interface SurfaceRow {
  readonly id: string
  readonly kind: "request" | "notification" | "server request"
  readonly holds: "yes" | "partly" | "no"
  /** What is missing, or why it cannot be; a sentence's end. */
  readonly why?: string | undefined
  readonly isExperimental?: boolean | undefined
}

/** Rows of one kind with one reason; each line holds ids with a blank between them. */
export function rows(
  kind: SurfaceRow["kind"],
  holds: SurfaceRow["holds"],
  ids: readonly string[],
  why?: string,
): readonly SurfaceRow[] {
  return ids
    .flatMap((line) => line.split(" "))
    .map((id) => ({
      ...{ id, kind, holds },
      ...(why === undefined ? {} : { why }),
      ...(kind === "request" && EXPERIMENTAL_METHODS.has(id) ? { isExperimental: true } : {}),
    }))
}
