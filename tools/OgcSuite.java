import java.util.ArrayList;
import java.util.List;
import org.opengis.cite.sta10.SuiteAttribute;
import org.testng.ISuite;
import org.testng.ISuiteListener;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;
import org.testng.xml.XmlClass;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/** Runs the classes of the OGC suite ets-sta10 against a service, without TEAM Engine: OgcSuite ROOT LEVEL. */
public class OgcSuite {

    private static final String[] LEVELS = {
        "sensingCore.Capability1Tests", "createUpdateDelete.Capability2Tests", "filteringExtension.Capability3Tests",
    };

    private static String root;
    private static int level;
    private static int passed;
    private static int all;

    /** Listeners are given by their classes: the way to give objects differs between versions of TestNG. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public static void main(String[] arguments) {
        root = arguments[0];
        level = Integer.parseInt(arguments[1]);
        XmlSuite suite = new XmlSuite();
        suite.setName("sta10");
        for (int number = 0; number < level; number++) {
            XmlTest test = new XmlTest(suite);
            test.setName("level " + (number + 1));
            List<XmlClass> classes = new ArrayList<>();
            classes.add(new XmlClass("org.opengis.cite.sta10." + LEVELS[number]));
            test.setXmlClasses(classes);
        }
        TestNG runner = new TestNG(false);
        runner.setVerbose(0);
        runner.setListenerClasses((List) List.of(Told.class, Given.class));
        runner.setXmlSuites(List.of(suite));
        runner.run();
        System.out.println(passed + " of " + all + " passed");
        System.exit(passed == all && all > 0 ? 0 : 1);
    }

    /** Prints each result. */
    public static class Told extends TestListenerAdapter {

        @Override
        public void onTestSuccess(ITestResult result) {
            passed++;
            all++;
            tell("pass", result);
        }

        @Override
        public void onTestFailure(ITestResult result) {
            all++;
            tell("FAIL", result);
        }

        @Override
        public void onTestSkipped(ITestResult result) {
            all++;
            tell("SKIP", result);
        }

        @Override
        public void onConfigurationFailure(ITestResult result) {
            tell("FAIL", result);
        }

        private static void tell(String what, ITestResult result) {
            String name = result.getTestClass().getRealClass().getSimpleName() + "." + result.getName();
            String why = result.getThrowable() == null ? "" : ": " + result.getThrowable().getMessage();
            System.out.println(what + " " + name + why);
        }
    }

    /** Gives the suite what its classes read. */
    public static class Given implements ISuiteListener {

        @Override
        public void onStart(ISuite suite) {
            suite.setAttribute(SuiteAttribute.LEVEL.getName(), level);
            suite.setAttribute(SuiteAttribute.TEST_SUBJECT.getName(), root);
        }

        @Override
        public void onFinish(ISuite suite) {
        }
    }
}
