import { expect, test } from "bun:test"
import type { SkillInfo } from "@skein/protocol"
import { say, scriptedModel, testEngine } from "@skein/testkit"
import { serve } from "./talk.ts"

const skill = (name: string, scope: SkillInfo["scope"], folder: string) => ({
  ...{ name, description: `Does ${name}.`, scope, folder, isByPersonOnly: false, warnings: [] },
})

test("skills are listed folder by folder in Codex's words", async () => {
  const skills = {
    list: async ({ cwd }: { readonly cwd: string }) =>
      cwd === "/a" ? [skill("pdf", "project", "/a/.agents/skills/pdf"), skill("make-skill", "builtin", "")] : [],
    open: () => Promise.reject(new Error("Nothing is opened to be listed")),
  }
  const host = serve(testEngine(scriptedModel(say("")), { skills }))
  await host.handshake()
  const { result } = await host.request("skills/list", { cwds: ["/a", "/b"] })
  const refused = await host.request("skills/list", { cwds: ["a"] })
  await host.end()

  const known = { enabled: true }
  expect(result?.data).toEqual([
    {
      cwd: "/a",
      skills: [
        { name: "make-skill", description: "Does make-skill.", scope: "system", path: "skein:make-skill", ...known },
        { name: "pdf", description: "Does pdf.", scope: "repo", path: "/a/.agents/skills/pdf/SKILL.md", ...known },
      ],
      errors: [],
    },
    { cwd: "/b", skills: [], errors: [] },
  ])
  expect(refused.error?.message).toContain("a is no absolute path")
})
