"""The synthetic herb panel as piar was given it: 70 products, grades, herbs, classes, weights."""

from pathlib import Path

import numpy as np

from priceindex.engine.aggregate import Hierarchy
from tests.conformance.index_vector_sets import expected, price_and_quantity, table


class HerbPanel:
    """Prices and quantities (months, products), the grade of each product, and the tree above."""

    def __init__(self, vectors: Path) -> None:
        lines = expected(vectors, "herb_panel_A_hierarchy_piar.json")["weights"]
        grades = [line["ea"] for line in lines]
        herbs = sorted({line["herb"] for line in lines})
        classes = sorted({line["category"] for line in lines})
        class_of_herb = {line["herb"]: line["category"] for line in lines}
        herb_of = np.array([herbs.index(line["herb"]) for line in lines])
        class_of = np.array([classes.index(class_of_herb[herb]) for herb in herbs])
        top = np.zeros(len(classes), dtype=np.int64)
        self.hierarchy = Hierarchy((herb_of, class_of, top), (len(grades), len(herbs), len(classes), 1))
        self.names = (*grades, *herbs, *classes, "ALL")
        self.weights = np.array([line["weight"] for line in lines])
        rows = table(vectors, "herb_panel_A.csv")
        self.prices, self.quantities = price_and_quantity(rows)
        self.products = sorted({int(row["product"]) for row in rows})
        grade_of = {
            int(row["product"]): f"{row['herb']}_{row['spec']}"
            for row in table(vectors, "herb_panel_A_meta.csv")
        }
        self.group = np.array([grades.index(grade_of[product]) for product in self.products])
