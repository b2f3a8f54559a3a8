// Makes dist/skein: one binary with everything in it. `npm run build`; `-- --npm` also makes the npm package.
import { BINARY, hasApplication, makeBinary, programsToEmbed, ROOT, weigh } from "./src/binary.ts"
import { packTarball } from "./src/npm-package.ts"

if (!hasApplication()) {
  console.error("There is no apps/skein/src/main.ts to compile.")
  process.exit(1)
}
const { version, commit, assets } = await makeBinary().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
console.log(`dist/skein  ${version} (${commit})  ${weigh(BINARY, programsToEmbed())}`)
if (Object.keys(assets).length === 0) console.log("Without ripgrep: no package of this workspace brings it.")
if (process.argv.includes("--npm")) {
  const tarball = packTarball({ binary: BINARY, version, folder: `${ROOT}/dist/npm`, documents: ROOT })
  console.log(tarball.slice(ROOT.length + 1))
}
