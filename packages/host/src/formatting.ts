interface Given {
  readonly formatIn: (path: string) => boolean | "auto"
  readonly trustOf: (path: string) => Promise<{ readonly state: string; readonly decision?: string | undefined }>
  /** The person said for this run alone that the folder is trusted. */
  readonly isTrusting: boolean
}

/** What a person wants of formatters. A folder that nobody was asked about, for want of anything to ask, is not trusted by that. */
export function formattingOf({ formatIn, trustOf, isTrusting }: Given) {
  return {
    wanted: formatIn,
    async isTrusted(path: string): Promise<boolean> {
      if (isTrusting) return true
      const { state, decision } = await trustOf(path)
      return state === "trusted" && decision === "trusted"
    },
  }
}
