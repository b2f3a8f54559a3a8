/** One thing of another program that somebody can see, and how skein stands to it. */
export interface SurfaceRow {
  /** As the other program calls it: `thread/start`, `item:file_change`, `--sandbox`. */
  readonly id: string
  readonly holds: "yes" | "partly" | "no"
  /** What is missing, and why. */
  readonly why?: string | undefined
  /** What it is, where a surface has several kinds: `request`, `notification`. */
  readonly kind?: string | undefined
}

/** A reference program's door, as data: what it shows, whose code answers for it here, and which tests hold it. */
export interface Surface {
  readonly id: string
  /** The program and the version that the rows are of. */
  readonly reference: string
  /** The package that is the boundary. */
  readonly boundary: string
  /** Test files that verify it, from the repository's root. */
  readonly artifacts: readonly string[]
  readonly rows: readonly SurfaceRow[]
  /** The probes whose runs are evidence for its rows. */
  readonly probes: readonly string[]
}

/** What came of one probe: a run of this very program against its own door, with a scripted model. */
export interface Probed {
  readonly id: string
  readonly isPassed: boolean
  readonly ms: number
  /** What it did, or what went wrong. */
  readonly detail: string
  /** Ids of rows that were to be seen in the run, working. */
  readonly seen: ReadonlySet<string>
  /** Ids of rows that were refused by name in the run. */
  readonly refused: ReadonlySet<string>
}

/** A row with what the run says of it. */
export interface Judged extends SurfaceRow {
  /** `seen`: it worked in this run. `refused`: it was refused by name, as the row says. `against`: the run says otherwise. `claimed`: not run. */
  readonly evidence: "seen" | "refused" | "against" | "claimed"
  /** The probe that tells. */
  readonly by?: string | undefined
}

/** Holds the rows of a surface against what its probes saw. A claim without a run stays a claim. */
export function judged(surface: Surface, probes: readonly Probed[]): readonly Judged[] {
  const own = probes.filter(({ id }) => surface.probes.includes(id))
  return surface.rows.map((row) => {
    const seen = own.find((probe) => probe.seen.has(row.id))
    const refused = own.find((probe) => probe.refused.has(row.id))
    if (row.holds === "no") {
      if (seen !== undefined) return { ...row, evidence: "against", by: seen.id }
      return refused === undefined ? { ...row, evidence: "claimed" } : { ...row, evidence: "refused", by: refused.id }
    }
    if (refused !== undefined) return { ...row, evidence: "against", by: refused.id }
    return seen === undefined ? { ...row, evidence: "claimed" } : { ...row, evidence: "seen", by: seen.id }
  })
}
