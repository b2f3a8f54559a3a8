import { chmodSync, writeFileSync } from "node:fs"

const TOOLS = JSON.stringify({
  tools: [
    {
      ...{ name: "echo", description: "Says a text back" },
      inputSchema: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
    },
  ],
})

const FACTS = JSON.stringify({
  ...{ protocolVersion: "2025-06-18", capabilities: { tools: {} } },
  serverInfo: { name: "echo", version: "1" },
})

const SCRIPT = `#!/bin/sh
while read -r line; do
  id=$(printf %s "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
  case $line in
  *'"method":"initialize"'*) said='${FACTS}' ;;
  *'"method":"tools/list"'*) said='${TOOLS}' ;;
  *'"method":"tools/call"'*)
    text=$(printf %s "$line" | sed -n 's/.*"text":"\\([a-z ]*\\)".*/\\1/p')
    said="{\\"content\\":[{\\"type\\":\\"text\\",\\"text\\":\\"$text\\"}]}" ;;
  *) continue ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$said"
done
`

/** Writes an MCP server of one tool, which says back what it is given and needs nothing but a shell. */
export function writeEchoServer(path: string): void {
  writeFileSync(path, SCRIPT)
  chmodSync(path, 0o755)
}
