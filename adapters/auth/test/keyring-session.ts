import { SkeinError } from "@skein/protocol"
import { keyring } from "../src/keyring/keyring.ts"

// A process of its own in a D-Bus session: says how it stands with the keyring, and uses it.
const own = keyring({ env: process.env, platform: process.platform })
const state = await own.state()
console.log(state.kind === "ready" ? "ready" : `${state.kind}: ${"reason" in state ? state.reason : ""}`)
try {
  const before = await own.get("acme")
  await own.set("acme", "k-real")
  const found = await own.get("acme")
  const isGone = await own.delete("acme")
  const after = await own.get("acme")
  await own.set("acme", "k-stays")
  console.log(
    [
      before?.value ?? "nothing",
      "kept",
      found?.value,
      isGone ? "taken out" : "left",
      after?.value ?? "nothing",
      "kept",
    ].join(", "),
  )
} catch (error) {
  if (!(error instanceof SkeinError)) throw error
  console.log(error.message.split(":")[0])
}
process.exit(0)
