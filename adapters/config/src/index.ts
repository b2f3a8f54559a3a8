export { type Directories, directories } from "./directories.ts"
export { configFiles } from "./files.ts"
export { keys } from "./keys.ts"
export { type Config, loadConfig } from "./load.ts"
