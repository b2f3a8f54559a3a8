import { chmodSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** A server that needs nothing but a shell, in a folder: its one tool asks the person for a name. How it is started. */
export function elicitingServer(folder: string): { readonly command: string } {
  const command = join(folder, "greeter.sh")
  writeFileSync(command, SERVER)
  chmodSync(command, 0o755)
  return { command }
}

const FACTS = JSON.stringify({
  ...{ protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "greeter", version: "1.0.0" } },
})
const TOOLS = JSON.stringify({ tools: [{ name: "greet", description: "Greets.", inputSchema: { type: "object" } }] })
const ASKED = JSON.stringify({
  message: "Who is it?",
  requestedSchema: { type: "object", properties: { name: { type: "string", title: "Name" } }, required: ["name"] },
})

const SERVER = `#!/bin/sh
say() { printf '%s\\n' "$1"; }
while IFS= read -r line; do
  id=$(printf '%s' "$line" | sed -n 's/.*"id":\\([0-9]*\\).*/\\1/p')
  case $line in
    *'"initialize"'*) say '{"jsonrpc":"2.0","id":'"$id"',"result":${FACTS}}' ;;
    *'"tools/list"'*) say '{"jsonrpc":"2.0","id":'"$id"',"result":${TOOLS}}' ;;
    *'"tools/call"'*)
      call=$id
      say '{"jsonrpc":"2.0","id":"ask","method":"elicitation/create","params":${ASKED}}' ;;
    *'"id":"ask"'*)
      action=$(printf '%s' "$line" | sed -n 's/.*"action":"\\([a-z]*\\)".*/\\1/p')
      name=$(printf '%s' "$line" | sed -n 's/.*"name":"\\([A-Za-z]*\\)".*/\\1/p')
      say '{"jsonrpc":"2.0","id":'"$call"',"result":{"content":[{"type":"text","text":"'"$action: \${name:-nobody}"'"}]}}' ;;
    *'"method"'*) [ -n "$id" ] && say '{"jsonrpc":"2.0","id":'"$id"',"error":{"code":-32601,"message":"Not here."}}' ;;
  esac
done
`
