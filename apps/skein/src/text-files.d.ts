// Files that travel inside the binary as text.
declare module "*.sh" {
  const text: string
  export default text
}
declare module "*.md" {
  const text: string
  export default text
}
declare module "*.txt" {
  const text: string
  export default text
}
declare module "*.tape" {
  const text: string
  export default text
}
