import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import cassette from "../../demo/cassette.tape" with { type: "text" }
import slug from "../../demo/project/lib/slug.sh" with { type: "text" }
import readme from "../../demo/project/README.md" with { type: "text" }
import test from "../../demo/project/test/run.sh" with { type: "text" }
import prompt from "../../demo/prompt.txt" with { type: "text" }

/** The model's side of the demo, as it was recorded. */
export const CASSETTE: string = cassette

export const PROMPT: string = prompt.trim()

/** What the demo ends with, run by the person's own shell rules: the project's tests. */
export const TEST_COMMAND = "sh test/run.sh"

const FILES: Readonly<Record<string, string>> = {
  "README.md": readme,
  "lib/slug.sh": slug,
  "test/run.sh": test,
}

/** Puts the project, with its failing test, into an empty folder. */
export function writeProject(folder: string): void {
  for (const [name, text] of Object.entries(FILES)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
