package dev.pillion.bench;

import java.util.List;
import java.util.Locale;

/** A line plot as SVG. Both axes are logarithmic, so linear growth is a straight line at 45 degrees. */
final class Plot {

    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final int EDGE = 70;

    private Plot() {}

    /** @param ceiling the values of the ceiling for the same x, or empty */
    record Point(double x, double y, double ceiling) {}

    static String svg(String title, String xName, String yName, List<Point> points) {
        double minX = Math.log10(points.stream().mapToDouble(Point::x).min().orElseThrow());
        double maxX = Math.log10(points.stream().mapToDouble(Point::x).max().orElseThrow());
        double minY = Math.floor(Math.log10(points.stream().mapToDouble(Point::ceiling).min().orElseThrow()));
        double maxY = Math.ceil(Math.log10(points.stream().mapToDouble(Point::y).max().orElseThrow()));
        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH, HEIGHT));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        svg.append(format("<text x=\"%d\" y=\"24\" font-size=\"15\">%s</text>%n", EDGE, title));
        svg.append(format("<text x=\"%d\" y=\"%d\">%s</text>%n", WIDTH / 2, HEIGHT - 14, xName));
        svg.append(format("<text x=\"14\" y=\"%d\" transform=\"rotate(-90 14 %d)\">%s</text>%n", HEIGHT / 2, HEIGHT / 2, yName));
        for (double tick = minY; tick <= maxY; tick++) {
            double y = scale(tick, minY, maxY, HEIGHT - EDGE, EDGE / 2.0);
            svg.append(format("<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n", EDGE, WIDTH - 20, y, y));
            svg.append(format("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>%n", EDGE - 8, y + 4, Math.pow(10, tick)));
        }
        StringBuilder pillion = new StringBuilder();
        StringBuilder least = new StringBuilder();
        for (Point point : points) {
            double x = scale(Math.log10(point.x), minX, maxX, EDGE, WIDTH - 40);
            double y = scale(Math.log10(point.y), minY, maxY, HEIGHT - EDGE, EDGE / 2.0);
            double below = scale(Math.log10(point.ceiling), minY, maxY, HEIGHT - EDGE, EDGE / 2.0);
            pillion.append(format("%.1f,%.1f ", x, y));
            least.append(format("%.1f,%.1f ", x, below));
            svg.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#1763a6\"/>%n", x, y));
            svg.append(format("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#888\"/>%n", x, below));
            svg.append(format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>%n", x, HEIGHT - EDGE + 18, point.x));
        }
        svg.append(format("<polyline points=\"%s\" fill=\"none\" stroke=\"#1763a6\"/>%n", pillion));
        svg.append(format("<polyline points=\"%s\" fill=\"none\" stroke=\"#888\" stroke-dasharray=\"4\"/>%n", least));
        svg.append(format("<text x=\"%d\" y=\"44\" fill=\"#1763a6\">Pillion</text><text x=\"%d\" y=\"44\" fill=\"#888\">ceiling</text>%n", EDGE, EDGE + 60));
        return svg.append("</svg>\n").toString();
    }

    private static double scale(double value, double min, double max, double from, double to) {
        return max == min ? (from + to) / 2 : from + (value - min) / (max - min) * (to - from);
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
