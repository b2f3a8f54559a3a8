/** What the process is that runs a local model: it needs none of the other adapters, and must not load them. */
export { runRunner } from "@skein/llama/runner"
