/** What became of one test. */
export interface TestCase {
  /** From the root. */
  readonly file: string
  readonly name: string
  readonly outcome: "passed" | "failed" | "skipped"
  readonly seconds: number
}

/** The cases of a JUnit report as Bun writes it. */
export function casesOf(xml: string): TestCase[] {
  return [...xml.matchAll(/<testcase\s([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(([, head = "", body = ""]) => ({
    file: attribute(head, "file"),
    name: [attribute(head, "classname"), attribute(head, "name")].filter((part) => part !== "").join(" "),
    outcome: /<(failure|error)\b/.test(body) ? "failed" : /<skipped\b/.test(body) ? "skipped" : "passed",
    seconds: Number(attribute(head, "time")),
  }))
}

function attribute(head: string, name: string): string {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(head)?.[1] ?? ""
  return value
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&amp;", "&")
}

/** Passed, failed and skipped of each package, in order of path. */
export function byPackage(
  cases: readonly TestCase[],
): Map<string, { passed: number; failed: number; skipped: number; seconds: number }> {
  const packages = new Map<string, { passed: number; failed: number; skipped: number; seconds: number }>()
  for (const { file, outcome, seconds } of cases.toSorted((a, b) => a.file.localeCompare(b.file, "en"))) {
    const folder = file.split("/").slice(0, -1).slice(0, 2).join("/")
    const row = packages.get(folder) ?? { passed: 0, failed: 0, skipped: 0, seconds: 0 }
    packages.set(folder, { ...row, [outcome]: row[outcome] + 1, seconds: row.seconds + seconds })
  }
  return packages
}

/**
 * Tests that failed according to Bun's own last lines. They count a file that could not be loaded, which the report
 * leaves out.
 */
export function failuresSaid(output: string): number {
  const plain = Bun.stripANSI(output)
  return Number(
    /^\s*(\d+) fail$/m.exec(plain.slice(plain.lastIndexOf("\n\n")))?.[1] ?? /^\s*(\d+) fail$/m.exec(plain)?.[1] ?? 0,
  )
}
