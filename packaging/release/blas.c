/* What numpy asks of BLAS, in some kilobytes instead of OpenBLAS's 28 MB: the application multiplies no large matrices.
 *
 * Names and integers are those of numpy's wheels: `scipy_cblas_...64_`, with 64 bits. What a routine computes, and which
 * matrix lies how, is the standard's: https://www.netlib.org/blas/blast-forum/cblas.tgz. Rows come first in all code here;
 * a call about columns is the same call about rows with everything turned.
 */
#include <stddef.h>
#include <stdint.h>

typedef int64_t whole;
typedef float _Complex complex_float;
typedef double _Complex complex_double;

enum { ROWS = 101, COLUMNS = 102, PLAIN = 111, TURNED = 112, CONJUGATED = 113, UPPER = 121, LOWER = 122 };

static inline ptrdiff_t first(whole n, whole step) { return step < 0 ? (1 - n) * step : 0; }

/* For one kind of number: how calls pass it, how it is read from that, how it is conjugated. */
#define ROUTINES(kind, number, passed, READ, CONJUGATE)                                                                         \
                                                                                                                               \
static number kind##_dot(whole n, const number *x, whole x_step, const number *y, whole y_step, int conjugated) {              \
    number sum = 0;                                                                                                            \
    x += first(n, x_step), y += first(n, y_step);                                                                              \
    for (whole i = 0; i < n; i++, x += x_step, y += y_step)                                                                    \
        sum += (conjugated ? CONJUGATE(*x) : *x) * *y;                                                                         \
    return sum;                                                                                                                \
}                                                                                                                              \
                                                                                                                               \
void scipy_cblas_##kind##axpy64_(whole n, passed alpha, const number *x, whole x_step, number *y, whole y_step) {              \
    x += first(n, x_step), y += first(n, y_step);                                                                              \
    for (whole i = 0; i < n; i++, x += x_step, y += y_step)                                                                    \
        *y += READ(alpha) * *x;                                                                                                \
}                                                                                                                              \
                                                                                                                               \
static void kind##_scale(whole n, number beta, number *y, whole step) {                                                        \
    for (whole i = 0; i < n; i++, y += step) /* what is overwritten may be anything, also no number */                         \
        *y = beta == 0 ? 0 : beta * *y;                                                                                        \
}                                                                                                                              \
                                                                                                                               \
void scipy_cblas_##kind##gemv64_(int order, int turn, whole m, whole n, passed alpha, const number *a, whole lda,              \
                                 const number *x, whole x_step, passed beta, number *y, whole y_step) {                        \
    int turned = (turn != PLAIN) == (order == ROWS), conjugated = turn == CONJUGATED;                                          \
    whole rows = order == ROWS ? m : n, columns = order == ROWS ? n : m;                                                       \
    whole made = turned ? columns : rows, summed = turned ? rows : columns;                                                    \
    whole along = turned ? lda : 1, across = turned ? 1 : lda;                                                                 \
    y += first(made, y_step), x += first(summed, x_step);                                                                      \
    kind##_scale(made, READ(beta), y, y_step);                                                                                 \
    for (whole i = 0; i < made; i++)                                                                                           \
        for (whole l = 0; l < summed; l++) {                                                                                   \
            number each = a[i * across + l * along];                                                                           \
            y[i * y_step] += READ(alpha) * (conjugated ? CONJUGATE(each) : each) * x[l * x_step];                              \
        }                                                                                                                      \
}                                                                                                                              \
                                                                                                                               \
void scipy_cblas_##kind##gemm64_(int order, int turn_a, int turn_b, whole m, whole n, whole k, passed alpha, const number *a,  \
                                 whole lda, const number *b, whole ldb, passed beta, number *c, whole ldc) {                   \
    if (order != ROWS) {                                                                                                       \
        scipy_cblas_##kind##gemm64_(ROWS, turn_b, turn_a, n, m, k, alpha, b, ldb, a, lda, beta, c, ldc);                       \
        return;                                                                                                                \
    }                                                                                                                          \
    whole a_row = turn_a == PLAIN ? lda : 1, a_column = turn_a == PLAIN ? 1 : lda;                                             \
    whole b_row = turn_b == PLAIN ? ldb : 1, b_column = turn_b == PLAIN ? 1 : ldb;                                             \
    for (whole i = 0; i < m; i++) {                                                                                            \
        number *row = c + i * ldc;                                                                                             \
        kind##_scale(n, READ(beta), row, 1);                                                                                   \
        for (whole l = 0; l < k; l++) {                                                                                        \
            number left = a[i * a_row + l * a_column];                                                                         \
            left = READ(alpha) * (turn_a == CONJUGATED ? CONJUGATE(left) : left);                                              \
            for (whole j = 0; j < n; j++) {                                                                                    \
                number right = b[l * b_row + j * b_column];                                                                    \
                row[j] += left * (turn_b == CONJUGATED ? CONJUGATE(right) : right);                                            \
            }                                                                                                                  \
        }                                                                                                                      \
    }                                                                                                                          \
}                                                                                                                              \
                                                                                                                               \
void scipy_cblas_##kind##syrk64_(int order, int part, int turn, whole n, whole k, passed alpha, const number *a, whole lda,    \
                                 passed beta, number *c, whole ldc) {                                                          \
    int turned = (turn != PLAIN) == (order == ROWS), upper = (part == UPPER) == (order == ROWS);                               \
    whole row = turned ? 1 : lda, column = turned ? lda : 1;                                                                   \
    for (whole i = 0; i < n; i++) {                                                                                            \
        whole from = upper ? i : 0, to = upper ? n : i + 1;                                                                    \
        kind##_scale(to - from, READ(beta), c + i * ldc + from, 1);                                                            \
        for (whole j = from; j < to; j++)                                                                                      \
            c[i * ldc + j] += READ(alpha) * kind##_dot(k, a + i * row, column, a + j * row, column, 0);                        \
    }                                                                                                                          \
}

#define REAL(kind, number)                                                                                                     \
ROUTINES(kind, number, number, , )                                                                                             \
number scipy_cblas_##kind##dot64_(whole n, const number *x, whole x_step, const number *y, whole y_step) {                     \
    return kind##_dot(n, x, x_step, y, y_step, 0);                                                                             \
}

#define READ_COMPLEX_FLOAT(pointer) (*(const complex_float *)(pointer))
#define READ_COMPLEX_DOUBLE(pointer) (*(const complex_double *)(pointer))
#define COMPLEX(kind, number, READ, CONJUGATE)                                                                                 \
ROUTINES(kind, number, const void *, READ, CONJUGATE)                                                                          \
void scipy_cblas_##kind##dotu_sub64_(whole n, const number *x, whole x_step, const number *y, whole y_step, number *made) {    \
    *made = kind##_dot(n, x, x_step, y, y_step, 0);                                                                            \
}                                                                                                                              \
void scipy_cblas_##kind##dotc_sub64_(whole n, const number *x, whole x_step, const number *y, whole y_step, number *made) {    \
    *made = kind##_dot(n, x, x_step, y, y_step, 1);                                                                            \
}

REAL(s, float)
REAL(d, double)
COMPLEX(c, complex_float, READ_COMPLEX_FLOAT, __builtin_conjf)
COMPLEX(z, complex_double, READ_COMPLEX_DOUBLE, __builtin_conj)
