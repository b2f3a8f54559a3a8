import { describe } from "bun:test"
import { execPortContract } from "@skein/testkit"
import { testWorld, whyUnconfined } from "./world.ts"

function make() {
  const world = testWorld()
  return {
    exec: world.exec,
    folder: world.workspace,
    artifact: async (id: string) => world.artifacts.kept.get(id) ?? new Uint8Array(),
    cleanUp: () => world.cleanUp(),
  }
}

const reason = await whyUnconfined()
describe.skipIf(reason !== undefined)("confined", () => {
  execPortContract("the sandbox", make)
})
execPortContract("the sandbox", make, "full-access")
