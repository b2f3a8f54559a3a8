import type { SourceContext } from "@skein/core/ports"
import { branchOf, repositoryOf } from "../files/repository.ts"
import { visibleLine } from "../files/visible.ts"
import { checksIn } from "./checks.ts"
import { type DayFacts, localDay } from "./local-day.ts"

/** Where the session works, in a few lines. The day and not the time, so that it stays the same all day. */
export function environmentText({ cwd, roots }: SourceContext, facts: DayFacts): string {
  const { day, timezone } = localDay(facts)
  const others = roots.filter((root) => root !== cwd)
  return [
    "<environment>",
    `folder: ${visibleLine(cwd)}`,
    ...others.map((root) => `also open: ${visibleLine(root)}`),
    ...gitLines(cwd),
    ...checkLines(cwd),
    `system: ${process.platform} ${process.arch}, shell ${visibleLine(facts.env.SHELL ?? "/bin/sh")}`,
    `date: ${day} (${timezone})`,
    "</environment>",
  ].join("\n")
}

/** What proves work here; a project's own files say it, so that nobody has to look for it first. */
function checkLines(cwd: string): string[] {
  const checks = checksIn(cwd)
  return checks.length === 0 ? [] : [`checks: ${checks.join(", ")}`]
}

function gitLines(cwd: string): string[] {
  const repository = repositoryOf(cwd)
  if (repository === undefined) return ["git: none"]
  const branch = branchOf(repository) ?? "unknown branch"
  return [`git: ${branch}${repository === cwd ? "" : `, root ${visibleLine(repository)}`}`]
}
