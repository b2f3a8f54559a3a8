import { chmodSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import type { Scene } from "./scene.ts"

/** Servers as a person with very many has them: each a process of its own, with thirty tools as wordy as real ones. */
export interface McpCrowd {
  /** For `--mcp-config`. */
  readonly config: string
  /** Those that were started since this was asked last, sorted. */
  started(): readonly string[]
}

const ABOUT =
  "Works with records of its kind, pages through them, and changes what it is told to change of each of them."

/** So many servers, `server-1` and on; the seventh can also write invoices. */
export function withMcpCrowd(scene: Scene, count: number): McpCrowd {
  const names = Array.from({ length: count }, (_, at) => `server-${at + 1}`)
  const program = scene.path("crowd.sh")
  writeFileSync(program, SERVER)
  chmodSync(program, 0o755)
  for (const name of names) writeFileSync(scene.path(`${name}.json`), JSON.stringify({ tools: toolsOf(name) }))
  const servers = names.map((name) => [name, { command: program, args: [name] }] as const)
  return {
    config: JSON.stringify({ mcpServers: Object.fromEntries(servers) }),
    started() {
      const marks = readdirSync(scene.cwd).filter((name) => name.startsWith("started-"))
      for (const mark of marks) rmSync(scene.path(mark))
      return marks.map((mark) => mark.replace("started-", "")).toSorted()
    },
  }
}

function toolsOf(server: string): readonly object[] {
  const inputSchema = { type: "object", properties: { id: { type: "string", description: ABOUT } } }
  const many = Array.from({ length: 30 }, (_, at) => ({
    ...{ name: `action_${at}_of_${server.replace("-", "_")}`, description: `${ABOUT} Number ${at}.`, inputSchema },
  }))
  const invoice = { name: "create_invoice", description: "Writes an invoice for a customer.", inputSchema }
  return server === "server-7" ? [...many, invoice] : many
}

const FACTS = `{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"crowd","version":"1"},"instructions":"${ABOUT}"}`

const SERVER = `#!/bin/sh
here=$(dirname "$0")
touch "$here/started-$1"
while read -r line; do
  id=$(printf %s "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
  case $line in
  *'"method":"initialize"'*) said='${FACTS}' ;;
  *'"method":"tools/list"'*) said=$(cat "$here/$1.json") ;;
  *'"method":"tools/call"'*) said="{\\"content\\":[{\\"type\\":\\"text\\",\\"text\\":\\"written by $1\\"}]}" ;;
  *) continue ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$said"
done
`
