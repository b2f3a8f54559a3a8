import { expect, test } from "bun:test"
import { attack, bash, WHO } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"

const AUTO = ["--mode", "auto"]

for (const who of WHO) {
  describeBinary(`a model that attacks files, as ${who}`, () => {
    test("a folder whose name only begins like the workspace's is outside", async () => {
      using ran = await attack({
        who,
        args: AUTO,
        files: { "project-evil/victim": "precious\n" },
        steps: ({ root }) => [
          [
            { name: "write", args: { path: `${root}/project-evil/new`, content: "x" } },
            { name: "write", args: { path: "../project-evil/new", content: "x" } },
            bash(`echo x > ${root}/project-evil/new`),
            bash("cd ../project-evil && echo x > new"),
          ],
        ],
      })
      expect(ran.changed).toEqual([])
      expect(ran.results).toHaveLength(4)
    })
  })
}
