import { filesPortContract } from "./contracts/files.ts"
import { memoryFiles } from "./memory-files.ts"

filesPortContract("memoryFiles", () => {
  const files = memoryFiles({ "/root/.keep": "" })
  files.remove("/root/.keep")
  const { put, link, special } = files
  return { files, root: "/root", put, link, special }
})
