import { chmodSync, writeFileSync } from "node:fs"
import type { Scene } from "./scene.ts"

/**
 * A server of tools that needs nothing but a shell: it leaves a file `started` beside itself, and its tools `add_note` and
 * `list_notes` say what they were given and whether a key is in their environment.
 */
export function withMcpServer(scene: Scene, name = "notes.sh"): string {
  const path = scene.path(name)
  writeFileSync(path, SERVER)
  chmodSync(path, 0o755)
  return path
}

const TOOLS = JSON.stringify({
  tools: [
    { name: "add_note", description: "Adds a note.", inputSchema: { type: "object" } },
    {
      name: "list_notes",
      description: "Lists notes.",
      inputSchema: { type: "object" },
      annotations: { readOnlyHint: true },
    },
  ],
})

const FACTS = JSON.stringify({
  protocolVersion: "2025-11-25",
  capabilities: { tools: {} },
  serverInfo: { name: "notes", version: "1.2" },
  instructions: "Keeps notes.",
})

const SERVER = `#!/bin/sh
touch "$(dirname "$0")/started"
while read -r line; do
  id=$(printf %s "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
  case $line in
  *'"method":"initialize"'*) said='${FACTS}' ;;
  *'"method":"tools/list"'*) said='${TOOLS}' ;;
  *'"method":"tools/call"'*)
    given=$(printf %s "$line" | sed -n 's/.*"text":"\\([a-z ]*\\)".*/\\1/p')
    said="{\\"content\\":[{\\"type\\":\\"text\\",\\"text\\":\\"noted: $given; token $TOKEN; key $ANTHROPIC_API_KEY\\"}]}" ;;
  *) continue ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$said"
done
`
