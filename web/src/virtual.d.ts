/** Made by `build/question.ts`. */
declare module "virtual:home-question" {
  const body: string;
  export default body;
}
