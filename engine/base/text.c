// SPDX-License-Identifier: MIT
// Text without a locale: each call runs in the C locale of its own thread.
#include "engine/base/text.h"

#include "engine/base/assert.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/// The C locale, made by the first who asks; it lives as long as the process.
static locale_t plain_locale(void)
{
    static _Atomic(locale_t) plain;
    locale_t known = atomic_load(&plain);
    if (known)
        return known;
    locale_t made = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    PARA_ASSERT(made); // every system has it
    if (atomic_compare_exchange_strong(&plain, &known, made))
        return made;
    freelocale(made); // another thread was first
    return known;
}

ParaPlain para_text_plain_begin(void) { return (ParaPlain){uselocale(plain_locale())}; }

void para_text_plain_end(ParaPlain plain) { uselocale(plain.before); }

int para_text_format_v(char *out, size_t size, const char *format, va_list arguments)
{
    ParaPlain before = para_text_plain_begin();
    int length = vsnprintf(out, size, format, arguments);
    para_text_plain_end(before);
    return length;
}

int para_text_print(FILE *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ParaPlain before = para_text_plain_begin();
    int length = vfprintf(out, format, arguments);
    para_text_plain_end(before);
    va_end(arguments);
    return length;
}

int para_text_format(char *out, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = para_text_format_v(out, size, format, arguments);
    va_end(arguments);
    return length;
}

// A text of up to 15 (float: 6) digits comes back from the number it stands for, so trying fewer is in vain
// but for those near 0, which have fewer bits. From 17 (9) digits every number comes back.

char *para_text_double(double value, char *out)
{
    for (int digits = fabs(value) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        para_text_format(out, PARA_NUMBER_SIZE, "%.*g", digits, value);
        if (para_text_number(out, NULL) == value)
            break;
    }
    return out;
}

char *para_text_float(float value, char *out)
{
    for (int digits = fabsf(value) < FLT_MIN ? 1 : 6; digits <= 9; digits++) {
        para_text_format(out, PARA_NUMBER_SIZE, "%.*g", digits, (double)value);
        if ((float)para_text_number(out, NULL) == value)
            break;
    }
    return out;
}

char *para_text_count(double count, char *out)
{
    static const char *const words[] = {"thousand", "million", "billion"};
    int word = 0;
    if (count < 9999.5) {
        para_text_format(out, PARA_NUMBER_SIZE, "%.0f", count);
        return out;
    }
    for (count /= 1e3; count >= 999.5 && word < 2; word++)
        count /= 1e3;
    if (count < 999.5)
        para_text_format(out, PARA_NUMBER_SIZE, "%.3g %s", count, words[word]);
    else
        para_text_format(out, PARA_NUMBER_SIZE, "%.6g %s", count, words[word]);
    return out;
}

char *para_text_measure(double value, char *out)
{
    bool large = fabs(value) >= 999.5 && fabs(value) < 1e12;
    para_text_format(out, PARA_NUMBER_SIZE, large ? "%.0f" : "%.3g", value);
    return out;
}

const char *para_text_begin(const char *text)
{
    size_t size = sizeof PARA_BYTE_ORDER_MARK - 1;
    return strncmp(text, PARA_BYTE_ORDER_MARK, size) == 0 ? text + size : text;
}

double para_text_number(const char *text, const char **out_end)
{
    char *end = NULL;
    ParaPlain before = para_text_plain_begin();
    double value = strtod(text, &end);
    para_text_plain_end(before);
    if (out_end)
        *out_end = end;
    return value;
}
