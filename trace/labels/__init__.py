"""Labels of packs: what stands on one, drawn as SVG, laid out in PDF sheets, or listed for a printer."""
