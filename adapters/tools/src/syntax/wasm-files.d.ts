// Files that travel inside the binary; an import gives the path.
declare module "*.wasm" {
  const path: string
  export default path
}
