// Builds the styles and elements with hashed names and a manifest that the server reads.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/stadt/",
  publicDir: "public",
  build: {
    outDir: "../src/stadt/web/static/stadt",
    emptyOutDir: true,
    manifest: "manifest.json",
    license: { fileName: "licenses.md" },
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome111", "edge111", "firefox114", "safari16.4"],
    chunkSizeWarningLimit: 1500,
    rollupOptions: { input: ["src/base.ts"] },
  },
  worker: { format: "es" },
  test: { include: ["src/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
