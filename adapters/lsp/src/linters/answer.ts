/**
 * The JSON in a linter's output: it may say something before and behind it, on either stream. Undefined when there is none.
 */
export function jsonIn(output: string): unknown {
  const starts = [...output.matchAll(/^[ \t]*[[{]/gm)].map(({ index }) => index)
  for (const start of starts.slice(0, STARTS_MAX)) {
    const end = Math.max(output.lastIndexOf("]"), output.lastIndexOf("}")) + 1
    const found = parsed(output.slice(start, end)) ?? parsed(lineAt(output, start))
    if (found !== undefined) return found
  }
  return undefined
}

const STARTS_MAX = 8

function lineAt(output: string, start: number): string {
  const end = output.indexOf("\n", start)
  return end === -1 ? output.slice(start) : output.slice(start, end)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
