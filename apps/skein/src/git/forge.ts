import type { Io } from "../io.ts"
import { Blocked, UsageError } from "../usage.ts"

/** Where pull requests are: the program that reaches it, and its words. */
export interface Forge {
  readonly program: "gh" | "glab"
  run(args: readonly string[], stdin?: string): Promise<string>
}

/** What a person has to do such a thing with, logged in as themselves. Throws Blocked where there is nothing. */
export function forgeOf(io: Io, cwd: string, remote: string): Forge {
  const wanted = /gitlab/i.test(remote) ? (["glab", "gh"] as const) : (["gh", "glab"] as const)
  const program = wanted.find((name) => Bun.which(name, { PATH: io.env.PATH ?? "" }) !== null)
  if (program === undefined) {
    throw new Blocked(
      "Pull requests are reached through GitHub's gh or GitLab's glab, and neither is installed. Install one and log in with it (gh auth login).",
    )
  }
  return { program, run: (args, stdin) => ran(program, args, { io, cwd, stdin }) }
}

interface Place {
  readonly io: Io
  readonly cwd: string
  readonly stdin: string | undefined
}

async function ran(program: string, args: readonly string[], { io, cwd, stdin }: Place): Promise<string> {
  const child = Bun.spawn([program, ...args], {
    ...{ cwd, env: { ...io.env, GH_PROMPT_DISABLED: "1", NO_PROMPT: "1" } },
    stdin: stdin === undefined ? "ignore" : Buffer.from(stdin),
    ...{ stdout: "pipe", stderr: "pipe" },
  })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  if (code === 0) return out
  const said = (err.trim() === "" ? out : err).trim().slice(0, 500)
  throw new UsageError(`${program} ${args.slice(0, 2).join(" ")} ended with ${code}: ${said}`)
}
