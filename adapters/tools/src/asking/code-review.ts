import { type PlanContext, type RunContext, ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "../define.ts"
import type { Place } from "../files/place.ts"
import { askedFor } from "./ask.ts"
import { sourceAt, sourcesPlan, sourceText } from "./sources.ts"

interface Input {
  readonly target: string
}

type Prepared =
  | { readonly kind: "files"; readonly places: readonly Place[] }
  | { readonly kind: "git"; readonly argv: readonly string[] }

const FILES_MAX = 20
const FILE_CHARS_MAX = 20_000
const DIFF_BYTES_MAX = 150_000
const TIMEOUT_MS = 300_000

const Findings = () =>
  z.object({
    findings: z
      .array(
        z.object({
          file: z.string(),
          line: z.int().min(1),
          severity: z.enum(["critical", "warning", "suggestion"]),
          message: z.string(),
          fix: z.string().nullish(),
        }),
      )
      .max(100),
  })

/** A second pair of eyes on changes or files: another model's findings, for the model that works. */
export const codeReview = defineTool<Input, Prepared>({
  name: "code_review",
  description:
    "Have another model review code: target is uncommitted, staged, branch:NAME, commit:SHA, or files:a,b. Gives findings " +
    "with file, line, severity (critical, warning, suggestion), message and fix; check them before you act on them.",
  summary: "another model reviews changes or files: findings with file, line, fix",
  input: () => z.strictObject({ target: z.string().min(1).max(2_000).default("uncommitted") }),
  kind: "read",
  needs: ["model"],
  effects: ["read", "execute"],
  canBeLayered: true,
  isConcurrent: true,
  timeoutMs: TIMEOUT_MS,
  title: ({ target }) => `review ${target}`,
  async plan({ target }, world, context) {
    const files = /^files:(.+)$/s.exec(target)?.[1]
    if (files !== undefined) {
      const paths = files
        .split(",")
        .map((path) => path.trim())
        .slice(0, FILES_MAX)
      const { places, ...planned } = await sourcesPlan(paths, world, context)
      return { ...planned, prepared: { kind: "files", places } }
    }
    return gitPlan(argvOf(target), world, context)
  },
  async run({ target }, world, context, prepared) {
    const text =
      prepared.kind === "files" ? await filesText(prepared.places, world) : await gitText(prepared.argv, world, context)
    if (text.trim() === "") throw new ToolFailure(`Nothing to review: ${target} holds no change.`)
    const { findings } = await askedFor(
      { task: "review", instructions: GUIDE, text, shape: Findings(), form: FORM },
      context,
    )
    const rows = findings.map(({ file, line, severity, message, fix }) =>
      [`${file}:${line} ${severity}: ${message}`, ...(fix ? [`  fix: ${fix}`] : [])].join("\n"),
    )
    const body = rows.length === 0 ? "No findings." : rows.join("\n")
    return {
      forModel: [{ type: "text", text: body }],
      forHuman: { kind: "text", body, summary: `${rows.length} findings` },
      provenance: { source: "another model's review", isTrusted: false },
    }
  },
})

const FORM = '{"findings": [{"file": "src/a.ts", "line": 12, "severity": "critical", "message": "…", "fix": null}]}'

const GUIDE =
  "You review code for the agent that wrote it. Report bugs, lost data, races, broken contracts and holes in security, each with the case in which it goes wrong. No praise, no style. No finding is a good answer. fix: the lines to write instead, or null."

/** No program of the repository's makes something else of what is in the files, and no name is taken for an option. */
function argvOf(target: string): readonly string[] {
  const plain = ["--no-ext-diff", "--no-textconv", "--no-color"]
  if (target === "uncommitted") return ["git", "diff", ...plain, "HEAD"]
  if (target === "staged") return ["git", "diff", ...plain, "--cached"]
  const [, kind, ref = ""] = /^(branch|commit):(.+)$/.exec(target) ?? []
  if (kind === undefined || !/^[^-\s]\S*$/.test(ref)) {
    throw new ToolFailure(
      `${JSON.stringify(target)} is none of uncommitted, staged, branch:NAME, commit:SHA, files:a,b.`,
    )
  }
  return kind === "branch" ? ["git", "diff", ...plain, `${ref}...HEAD`] : ["git", "show", ...plain, ref]
}

async function gitPlan(argv: readonly string[], world: ToolWorld, context: PlanContext) {
  const confinement = await world.exec.confinement("read-only")
  if (confinement.kind === "unavailable")
    throw new ToolFailure(`git cannot run here. ${confinement.reason} ${confinement.cure}`)
  const isConfined = confinement.kind === "confined"
  const command = argv.join(" ")
  const reading = await world.shell.understandArgv(argv, { cwd: context.cwd, roots: context.roots, home: world.home })
  return {
    effects: [{ kind: "execute", command, isConfined, isReadOnly: isConfined, reading, roots: context.roots } as const],
    actions: [{ verb: "run", target: command }],
    fingerprint: confinement.kind,
    prepared: { kind: "git", argv } as const,
  }
}

async function gitText(argv: readonly string[], world: ToolWorld, context: RunContext): Promise<string> {
  const { exitCode, output } = await world.exec.run({
    ...{ command: argv, cwd: context.cwd, roots: context.roots, sandbox: "read-only", signal: context.signal },
    ...{ sessionId: context.sessionId, callId: context.callId, layer: context.layer },
    ...{ timeoutMs: 60_000, bytesMax: DIFF_BYTES_MAX },
  })
  if (exitCode === 0) return output
  throw new ToolFailure(`git did not succeed: ${output.trim().slice(0, 500)}`)
}

async function filesText(places: readonly Place[], world: ToolWorld): Promise<string> {
  const sources = await Promise.all(places.map((place) => sourceAt(place, world, FILE_CHARS_MAX)))
  return sources.map(sourceText).join("\n\n")
}
