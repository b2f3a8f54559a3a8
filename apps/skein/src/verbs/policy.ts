import { compose, type Host, locate } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { hostRequest } from "../session/request.ts"
import { lineOf } from "../tell/line-of.ts"
import { visible } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/**
 * `skein policy shell`: what a command line can run, what each part of it risks, and what would be decided here. One
 * argument is a line for a shell; several are a program and its arguments, which no shell reads. Runs nothing.
 */
export const shell: Run = async ({ flags, words, rest, io }) => {
  const argv = [...words, ...rest]
  if (argv.length === 0) {
    throw new UsageError("policy shell needs a command. Write: skein policy shell -- 'npm test && git push'")
  }
  const request = hostRequest(flags, io)
  const host = compose(request)
  try {
    const { path } = await locate(request.cwd)
    const judged = await judge(host, argv, { cwd: path, home: request.home })
    if (flags.has("json")) io.out(jsonPage(judged))
    else for (const line of page(judged)) io.out(visible(line))
    return 0
  } finally {
    await host.close()
  }
}

type Judged = Awaited<ReturnType<typeof judge>>

interface Place {
  readonly cwd: string
  readonly home: string
}

/** The verdict that a call of the bash tool would get in a session that has just begun, and what of the line led to it. */
async function judge(host: Host, argv: readonly string[], { cwd, home }: Place) {
  const [line = ""] = argv
  const isLine = argv.length === 1
  const command = lineOf(argv)
  const where = { cwd, roots: [cwd, ...host.settings.extraRoots], home }
  const [judged, reading] = await Promise.all([
    host.permissions.judge("bash", { command }, { cwd }),
    isLine ? host.shell.understand(line, where) : host.shell.understandArgv(argv, where),
  ])
  const { mode, sandbox, decision, reasons, rule, always, parts } = judged
  const isConfined = (await host.exec.confinement(sandbox)).kind === "confined"
  const risks = host.risks.filter((risk) => reading.commands.some((one) => one.risks.includes(risk)))
  return {
    ...{ command, form: isLine ? ("line" as const) : ("argv" as const), cwd, mode, sandbox, isConfined },
    ...{ decision, reasons, rule, always, risks, unclear: reading.unclear, parts, commands: reading.commands },
  }
}

/** `ask: it runs a command …`, then a line for each command with its risks and why. */
function page({ decision, reasons, unclear, commands, always }: Judged): readonly string[] {
  const shown = commands.flatMap(({ text, risks, reason, writes, hosts, powerful }) => [
    `${risks.join(", ").padEnd(10)} ${text}`,
    `${" ".repeat(10)} ${reason}`,
    ...detail("writes", writes),
    ...detail("reaches", hosts),
    ...detail("no prefix rule covers it, for", powerful),
  ])
  const rule = always?.command ?? always?.prefix?.join(" ")
  return [
    `${decision}: ${reasons.join("; ")}`,
    ...(unclear === undefined ? [] : [`not wholly understood: ${unclear}`]),
    ...(rule === undefined ? [] : [`"always" would remember: ${rule}`]),
    "",
    ...shown,
  ]
}

function detail(name: string, values: readonly string[]): readonly string[] {
  return values.length === 0 ? [] : [`${" ".repeat(10)} ${name}: ${values.join(", ")}`]
}
