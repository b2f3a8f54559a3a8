interface Given {
  readonly formatIn: (path: string) => boolean | "auto"
  readonly trustOf: (path: string) => Promise<{ readonly isByPerson: boolean }>
}

/** What a person wants of formatters. A folder in which there was nothing to ask about, or nobody to ask, is not trusted by that. */
export function formattingOf({ formatIn, trustOf }: Given) {
  return { wanted: formatIn, isTrusted: async (path: string): Promise<boolean> => (await trustOf(path)).isByPerson }
}
