#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

/* GObject's cast macros are not imported by Swift. */

static inline PangoFontMap *book_font_map_new(FcConfig *config) {
  PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
  if (map == NULL) return NULL;
  pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), config);
  return map;
}

static inline void book_unref(void *object) { g_object_unref(object); }

/* The font behind Pango's, to draw glyphs with Cairo alone; it lives as long as Pango's. */
static inline cairo_scaled_font_t *book_scaled_font(PangoFont *font) {
  return pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font));
}
