import { agents, kill, spawn } from "./agents.ts"
import { archive } from "./archive.ts"
import { autoapply } from "./autoapply.ts"
import { checkpoints } from "./checkpoints.ts"
import { lsp, symbols } from "./code.ts"
import type { Command } from "./command.ts"
import { compact } from "./compact.ts"
import { context } from "./context.ts"
import { cost } from "./cost.ts"
import { diff } from "./diff.ts"
import { dryRun } from "./dry-run.ts"
import { effort, verbosity } from "./effort.ts"
import { exportSession } from "./export.ts"
import { fork } from "./fork.ts"
import { commit, git } from "./git.ts"
import { goal } from "./goal.ts"
import { handoff } from "./handoff.ts"
import { helpOf } from "./help.ts"
import { hooks } from "./hooks.ts"
import { importCodex } from "./import-codex.ts"
import { label } from "./label.ts"
import { latency } from "./latency.ts"
import { log } from "./log.ts"
import { map } from "./map.ts"
import { mcp } from "./mcp.ts"
import { mode } from "./mode.ts"
import { model } from "./model.ts"
import { network } from "./network.ts"
import { newSession } from "./new.ts"
import { outputStyle } from "./output-style.ts"
import { permissions } from "./permissions.ts"
import { plan } from "./plan.ts"
import { plugins } from "./plugins.ts"
import { providers } from "./providers.ts"
import { redo } from "./redo.ts"
import { rename } from "./rename.ts"
import { restore } from "./restore.ts"
import { resume } from "./resume.ts"
import { review } from "./review.ts"
import { rewind } from "./rewind.ts"
import { search } from "./search.ts"
import { settings } from "./settings.ts"
import { skills } from "./skills.ts"
import { status } from "./status.ts"
import { stop } from "./stop.ts"
import { rush, smart, tier } from "./tier.ts"
import { todos } from "./todos.ts"
import { tree } from "./tree.ts"
import { undo } from "./undo.ts"
import { webSearch } from "./web-search.ts"

/** Every command, in the order help shows them: what is now, this conversation, other sessions. */
export const COMMANDS: readonly Command[] = [
  helpOf(() => COMMANDS),
  status,
  settings,
  cost,
  latency,
  context,
  map,
  model,
  tier,
  smart,
  rush,
  effort,
  verbosity,
  outputStyle,
  webSearch,
  providers,
  mode,
  dryRun,
  autoapply,
  permissions,
  network,
  lsp,
  symbols,
  skills,
  hooks,
  mcp,
  stop,
  agents,
  spawn,
  kill,
  plugins,
  goal,
  plan,
  todos,
  compact,
  restore,
  undo,
  redo,
  rewind,
  tree,
  label,
  log,
  diff,
  checkpoints,
  review,
  commit,
  git,
  newSession,
  resume,
  search,
  fork,
  handoff,
  rename,
  archive,
  exportSession,
  importCodex,
]
