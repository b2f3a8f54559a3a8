import { SkeinError } from "@skein/protocol"
import { headOf } from "../skills/head.ts"
import { validate } from "../skills/validate.ts"

/** A SKILL.md to be filled in, which is valid as it is. Throws SkeinError `op.invalid` for a name or description that is not. */
export function skeleton(name: string, description: string): string {
  const text = `---\nname: ${JSON.stringify(name)}\ndescription: ${JSON.stringify(description)}\n---\n\n# ${name}\n\n${BODY}`
  const flaws = validate(headOf(text), name)
  if (flaws.length > 0) throw new SkeinError("op.invalid", flaws.join(" "))
  return text
}

const BODY = `1. Say here, in the order of the work, what is to be done: exact commands, names and paths.
2. Say after each step how it is checked, and what must not be done.

Files that are needed only sometimes go into \`references/\`, programs into \`scripts/\`, templates into \`assets/\`: say here when each
is to be read, run or copied.
`
