/** One method or notification of Codex's app-server, and whether it holds here. */
export interface SurfaceRow {
  readonly id: string
  readonly kind: "request" | "notification" | "server request"
  readonly holds: "yes" | "partly" | "no"
  /** What is missing, or why it cannot be; a sentence's end. */
  readonly why?: string | undefined
  /** Only for a client that asks for what is experimental. */
  readonly isExperimental?: boolean | undefined
  /** What its types are called: `ThreadStart` of `ThreadStartParams` and `ThreadStartResponse`. Undefined where none are generated. */
  readonly base?: string | undefined
  readonly hasParams: boolean
}

/**
 * Rows of one kind with one reason; each line holds them with a blank between. A row is its id, then `=` and the name of its types
 * where that is not the id's own with capitals, then `~` for one without parameters, `!` for one that is experimental, `-` for one
 * that Codex generates no types for.
 */
export function rows(
  kind: SurfaceRow["kind"],
  holds: SurfaceRow["holds"],
  lines: readonly string[],
  why?: string,
): readonly SurfaceRow[] {
  return lines
    .flatMap((line) => line.split(" "))
    .map((said) => {
      const [, id = "", base, marks = ""] = /^([\w/]+)(?:=(\w+))?([~!-]*)$/.exec(said) ?? []
      return {
        ...{ id, kind, holds, hasParams: !marks.includes("~") },
        ...(marks.includes("-") ? {} : { base: base ?? capitals(id) }),
        ...(why === undefined ? {} : { why }),
        ...(marks.includes("!") ? { isExperimental: true } : {}),
      }
    })
}

/** `thread/start` is `ThreadStart`. */
function capitals(id: string): string {
  return id.replace(/(?:^|[/_])(\w)/g, (_, first: string) => first.toUpperCase())
}
