Reveal.initialize({
  width: 1280, height: 720, margin: 0.02, center: false, hash: true, transition: "none", slideNumber: "c/t",
  pdfSeparateFragments: false,
  plugins: [RevealNotes],
});

// Whether anything on a slide reaches beyond it, or is wider than its place.
function tooLarge(slide) {
  const edge = slide.getBoundingClientRect();
  return [...slide.querySelectorAll(":scope > :not(aside), pre, table, img, p, li")].some((part) => {
    const box = part.getBoundingClientRect();
    return box.right > edge.right + 1 || box.bottom > edge.bottom + 1 || part.scrollWidth > part.clientWidth + 1;
  });
}

// What is too large is made smaller until it fits.
function fit(slide = Reveal.getCurrentSlide()) {
  const parts = [...slide.children].filter((child) => child.tagName !== "ASIDE");
  for (let zoom = 1; zoom > 0.35; zoom -= 0.05) {
    parts.forEach((part) => (part.style.zoom = zoom));
    if (!tooLarge(slide)) return;
  }
}
Reveal.on("ready", () => fit());
Reveal.on("slidechanged", () => fit());
Reveal.on("pdf-ready", () => document.querySelectorAll(".pdf-page > section").forEach((slide) => fit(slide)));
