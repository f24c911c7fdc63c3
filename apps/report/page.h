// SPDX-License-Identifier: MIT
#pragma once
// The page's style and script, as texts (page.css and page.js, put in by page.cmake). Private to apps/report.
extern const char para_page_css[];
extern const char para_page_js[];
