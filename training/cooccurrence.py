"""Token ids -> static token vectors (PPMI matrix, randomised SVD); a start for the embeddings.

On two CPU cores masked-language modelling sees each token too rarely to learn word meaning from
nothing; counting neighbours over the whole packed corpus takes minutes and gives it for free
(Levy & Goldberg 2014: factorising shifted PMI is what skip-gram does).
"""

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

WINDOW = 4
SHIFT = 1.0
"""log of the number of negative samples that the factorisation imitates, see Levy & Goldberg."""


def count_neighbours(ids: np.ndarray, vocabulary: int, window: int = WINDOW) -> sparse.csr_matrix:
    """Symmetric counts, shape (vocabulary, vocabulary), nearer neighbours weighing more (1/distance)."""
    total = sparse.csr_matrix((vocabulary, vocabulary), dtype=np.float32)
    for chunk in np.array_split(ids, max(1, len(ids) // 4_000_000)):
        for distance in range(1, window + 1):
            weights = np.full(len(chunk) - distance, 1.0 / distance, dtype=np.float32)
            pairs = sparse.coo_matrix((weights, (chunk[:-distance], chunk[distance:])), shape=total.shape)
            total = total + pairs.tocsr()
    return (total + total.T).tocsr()


def static_vectors(counts: sparse.csr_matrix, width: int, *, seed: int) -> np.ndarray:
    """PPMI of `counts`, factorised; shape (vocabulary, width), rows of mean norm 1."""
    matrix = counts.tocoo()
    mass = np.asarray(counts.sum(axis=1)).ravel().astype(np.float64) + 1e-9
    context = mass**0.75
    context = context / context.sum()
    pmi = np.log(np.maximum(matrix.data, 1e-9) / (mass[matrix.row] * context[matrix.col])) - SHIFT
    keep = pmi > 0
    ppmi = sparse.csr_matrix((pmi[keep].astype(np.float32), (matrix.row[keep], matrix.col[keep])), shape=counts.shape)
    left, strengths, _ = randomized_svd(ppmi, width, n_iter=3, random_state=seed)
    vectors = left * np.sqrt(strengths)
    return (vectors / max(float(np.linalg.norm(vectors, axis=1).mean()), 1e-9)).astype(np.float32)
