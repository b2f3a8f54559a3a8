import type { Surface, SurfaceRow } from "./surface.ts"

const yes = (...ids: readonly string[]): readonly SurfaceRow[] => ids.map((id) => ({ id, holds: "yes" }))
const not = (holds: "partly" | "no", id: string, why: string): SurfaceRow => ({ id, holds, why })
const flags = (verb: string, names: string) => names.split(" ").map((name) => `${verb} --${name}`)
const words = (verb: string, names: string) => names.split(" ").map((name) => `${verb} ${name}`)

const DAEMON = "bootstrap start restart update enable-remote-control disable-remote-control stop version"
const HOSTED = "It needs OpenAI's hosted service and a ChatGPT login, for which there is no public contract."

/** Codex's command line: its commands, and the flags of those that programs call. */
export const CODEX_CLI: Surface = {
  id: "codex command line",
  reference: "codex-cli 0.163.0",
  boundary: "apps/skein",
  artifacts: ["apps/skein/test/parity.test.ts", "frontends/codex/test/cli.test.ts", "apps/skein/test/features.test.ts"],
  probes: ["command-line", "exec.turns"],
  rows: [
    ...yes("exec", "e", "exec resume", "exec fork", "exec review", "review", "resume", "fork"),
    ...yes(
      ...flags(
        "exec",
        "json experimental-json output-schema output-last-message color sandbox model profile cd add-dir",
      ),
      ...flags("exec", "image skip-git-repo-check ephemeral ignore-user-config ignore-rules trust thread-source"),
      ...flags("exec", "dangerously-bypass-approvals-and-sandbox dangerously-bypass-hook-trust oss local-provider"),
      ...flags("exec", "strict-config enable disable config last all"),
    ),
    not("partly", "exec --cyber-access-program", "standard alone; the others are OpenAI's to grant."),
    not("no", "exec --worktree", "exec does not make a worktree of its own; skein worktree does."),
    not("no", "exec --approve-for-me", "No second model answers approvals."),
    ...yes(...flags("review", "uncommitted base commit")),
    ...yes(
      "login",
      "login status",
      "logout",
      "mcp",
      "mcp list",
      "mcp get",
      "mcp add",
      "mcp remove",
      "mcp login",
      "mcp logout",
    ),
    ...yes("plugin", "plugin add", "plugin list", "plugin remove", "plugin marketplace"),
    ...yes(...words("plugin marketplace", "add list upgrade remove")),
    ...yes("app-server", ...flags("app-server", "listen stdio strict-config")),
    ...yes("app-server proxy", "app-server generate-ts", "app-server generate-json-schema"),
    ...yes("completion", "doctor", "doctor --json", "sandbox", "debug", "debug models", "debug models --bundled"),
    ...yes("debug prompt-input", "debug app-server", "debug app-server send-message-v2"),
    ...yes("archive", "unarchive", "delete", "features", "features list", "features enable", "features disable"),
    ...yes("execpolicy", "exec-server"),
    not("partly", "apply", "A patch in a file or on stdin; the diff of a hosted task is refused."),
    not("no", "cloud exec", HOSTED),
    not("no", "cloud status", HOSTED),
    not("no", "cloud list", HOSTED),
    not("no", "cloud apply", HOSTED),
    not("no", "cloud diff", HOSTED),
    not("no", "exec-server forward", "It registers with a hosted environment of OpenAI's."),
    not("no", "queue", "Input waits in the program that has the session open; no other can put some there yet."),
    not("no", "update", "There is no place yet that a new version would come from."),
    not("partly", "agents", "Lists, shows and makes agents; the sessions of a server are listed by session list."),
    ...["app-server daemon", ...words("app-server daemon", DAEMON)].map((id) =>
      not("no", id, "The system's own service manager keeps the server, begins it anew and ends it."),
    ),
    ...["remote-control", ...words("remote-control", "start stop pair")].map((id) =>
      not("no", id, "It pairs with OpenAI's hosted service."),
    ),
    not("no", "sandbox uninstall", "It takes away what a sandbox of Windows left, which skein does not run on."),
    not("no", "migrate-rollouts", "Codex's rollouts are read as they are, and never changed."),
    not("no", "migrate-nfs-db", "There is no such database."),
  ],
}
