"""Documents 文件: reports, photos and series kept by their hash, and the statements that name them."""
